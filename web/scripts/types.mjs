// Turns the document of schemas on stdin into types on stdout; its paths are left out.
import { json } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const named = (name) => ts.factory.createTypeReferenceNode(name);

/** A schema that has its type elsewhere: in the REST types, or in the one for any JSON object. */
function transform(schema) {
  if (schema['x-shared']) return named(`Rest['schemas']['${schema['x-shared']}']`);
  return schema.title === 'JsonObject' ? named('JsonObject') : undefined;
}

const document = await json(process.stdin);
const isShared = Object.values(document.components.schemas).some((schema) => schema['x-shared']);
const ast = await openapiTS({ ...document, paths: {} }, { defaultNonNullable: false, transform });
process.stdout.write("// Made from the server's schemas by `make types`; not to be edited.\n");
if (isShared) {
  process.stdout.write("import type { components as Rest } from './api';\nimport type { JsonObject } from '../live/json';\n");
}
process.stdout.write(astToString(ast));
