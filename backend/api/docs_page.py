"""The API's page at /docs: the OpenAPI document as plain HTML. It runs no script and loads nothing."""

from html import escape
from typing import Any

import orjson

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
details { border: 1px solid #8884; border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; }
.method { display: inline-block; min-width: 4rem; font-weight: 600; }
"""
"""Stands in the page itself; its hash stands in the page's content security policy."""


def render(spec: dict[str, Any]) -> str:
    """The whole page."""
    info = spec["info"]
    groups: dict[str, list[str]] = {}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    listed = "".join(f"<h2>{escape(tag)}</h2>{''.join(parts)}" for tag, parts in groups.items())
    schemas = "".join(_schema(name, schema) for name, schema in sorted(spec["components"]["schemas"].items()))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"
        '<p>The document itself: <a href="/openapi.json">openapi.json</a>; that of the live protocol: '
        '<a href="/asyncapi.json">asyncapi.json</a></p>'
        f"{listed}<h2>schemas</h2>{schemas}</body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(one['name'])}</code> in {escape(one['in'])}: <code>{_json(one['schema'])}</code></li>"
        for one in operation["parameters"]
    )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = "".join(
        f"<li>{escape(status)} {escape(answer['description'])}{_content(answer)}</li>"
        for status, answer in operation["responses"].items()
    )
    return (
        f'<details id="{escape(operation["operationId"])}"><summary><span class="method">{method.upper()}</span>'
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</summary>"
        f"<ul>{parameters}</ul>{f'<p>Body: {_reference(body)}</p>' if body else ''}<ul>{answers}</ul></details>"
    )


def _content(answer: dict[str, Any]) -> str:
    kinds = answer.get("content", {}).items()
    return "".join(f": {_reference(one['schema']) if one else escape(kind)}" for kind, one in kinds)


def _reference(schema: dict[str, Any]) -> str:
    name = escape(schema["$ref"].rpartition("/")[2])
    return f'<a href="#schema-{name}">{name}</a>'


def _schema(name: str, schema: dict[str, Any]) -> str:
    pretty = escape(orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode())
    return f'<details id="schema-{escape(name)}"><summary>{escape(name)}</summary><pre>{pretty}</pre></details>'


def _json(value: Any) -> str:
    return escape(orjson.dumps(value).decode())
