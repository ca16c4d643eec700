// Runs the query on standard input and prints its rows, a JSON object on a line.
import { text } from 'node:stream/consumers';
import { DuckDBInstance } from '@duckdb/node-api';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
const reader = await connection.runAndReadAll(await text(process.stdin));
for (const row of reader.getRowObjectsJson())
  console.log(JSON.stringify(row));
