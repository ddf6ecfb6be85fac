import hashlib
from pathlib import Path

import pytest

from models.errors import ModelUnavailable
from models.hub.integrity import verify


def test_a_folder_whose_hashes_agree_is_fine_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  model.safetensors\n")
    verify(tmp_path)
    weights.write_bytes(b"wEights")
    with pytest.raises(ModelUnavailable, match=r"model\.safetensors is damaged"):
        verify(tmp_path)
    weights.unlink()
    with pytest.raises(ModelUnavailable, match=r"model\.safetensors is missing"):
        verify(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="nowhere"):
        verify(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["../victim.txt", "../../victim.txt", "/etc/hosts", "a/b", ".."])
def test_a_hash_of_a_file_outside_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  {name}\n")
    with pytest.raises(ModelUnavailable, match="outside of its folder"):
        verify(tmp_path)
