// Makes the types of the server's schemas from its OpenAPI document on stdin; the paths are left out.
import { json } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

const document = await json(process.stdin);
const ast = await openapiTS({ ...document, paths: {} }, { defaultNonNullable: false });
process.stdout.write("// Made from the server's OpenAPI document by `npm run types`; not to be edited.\n");
process.stdout.write(astToString(ast));
