"""The Lua scripts by which records change in Redis, and the keys that they use.

The scripts are the `.lua` files in `lua/`. Each is one atomic step, on the clock of Redis: the clocks of
other machines do not matter. They use keys that are not passed to them, so Redis must be one server and
not a cluster. `names.lua` documents these keys.
"""

import re
from functools import cache
from importlib.resources import files

_FOLDER = files("service.jobs") / "lua"
_SHEBANG = re.compile(r"#!.*\n")
_INCLUDE = re.compile(r"^-- include: (.+)\n", re.MULTILINE)
_NAME = re.compile(r"^local ([A-Z_]+) = '(.+)'$", re.MULTILINE)


@cache
def load(name: str) -> str:
    """Return the source of a script, with each part that it includes once, before its first use.

    A first line `#!lua flags=allow-oom` lets a script write where Redis is full: workers must be able to
    end what they work on, or nothing would ever leave Redis.
    """
    parts: dict[str, str] = {}
    _add(name, parts)
    shebang = _SHEBANG.match(_read(name))
    return (shebang.group() if shebang else "") + "\n".join(parts.values())


def _add(name: str, parts: dict[str, str]) -> None:
    source = _SHEBANG.sub("", _read(name), count=1)
    for line in _INCLUDE.findall(source):
        for included in line.split(", "):
            if included not in parts:
                _add(included, parts)
    parts[name] = _INCLUDE.sub("", source)


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.lua").read_text(encoding="utf-8")


_NAMES = dict(_NAME.findall(_read("names")))

FINISHED: str = _NAMES["FINISHED"]
ALIVE: str = _NAMES["ALIVE"]
RUNNING: str = _NAMES["RUNNING"]
WAITING: str = _NAMES["WAITING"]
WEBHOOKS: str = _NAMES["WEBHOOKS"]
GONE: str = _NAMES["GONE"]
PARTS: str = _NAMES["PARTS"]
JOBS: str = _NAMES["JOBS"]
LOAD: str = _NAMES["LOAD"]
IN_FLIGHT: str = _NAMES["IN_FLIGHT"]
PACE: str = _NAMES["PACE"]
