"""Prints the OpenAPI document, for those who generate code from it: `python -m backend.api`."""

import sys

import orjson

from backend.api.app import specification

sys.stdout.buffer.write(orjson.dumps(specification(), option=orjson.OPT_INDENT_2))
