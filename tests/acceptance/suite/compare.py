"""Where two values differ."""

from __future__ import annotations

import json
from typing import Any


def first_difference(left: Any, right: Any, path: str = "") -> str:
    """The first place at which two values differ, and what stands there."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys(), key=str):
            if (key in left) != (key in right) or left[key] != right[key]:
                return first_difference(left.get(key), right.get(key), f"{path}.{key}")
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right)):
            if one != other:
                return first_difference(one, other, f"{path}[{index}]")
    return f"{path or 'the whole'}: {json.dumps(left)[:200]} instead of {json.dumps(right)[:200]}"
