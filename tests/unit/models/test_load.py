import hashlib
from pathlib import Path

import pytest

from models.errors import ModelUnavailable
from models.load import available_cpus, verify


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


@pytest.mark.parametrize(
    ("text", "most"), [("max 100000", None), ("100000 100000", 1), ("50000 100000", 1), ("x", None)]
)
def test_the_quota_of_a_container_counts(tmp_path: Path, text: str, most: int | None) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text(text)
    unlimited = available_cpus(tmp_path / "none")
    assert unlimited >= 1
    assert available_cpus(quota) == (most or unlimited)
