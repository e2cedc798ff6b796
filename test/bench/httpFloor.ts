import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';

// The floor of the HTTP benchmark: a POST that appends its body as one durable row; what arrives in one turn shares a
// commit. Arguments: a data directory and a port.
const [directory = '', port = '0'] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const database = new DatabaseSync(join(directory, 'floor.sqlite'));
database.exec('pragma journal_mode = wal; pragma synchronous = full');
database.exec('create table if not exists rows (id integer primary key, body text not null) strict');
const insert = database.prepare('insert into rows (body) values (?)');

type Waiting = { body: string; resolve: (id: number) => void };
let gathered: Waiting[] = [];

const flush = (): void => {
  const batch = gathered;
  gathered = [];
  database.exec('begin immediate');
  const ids = batch.map(({ body }) => Number(insert.run(body).lastInsertRowid));
  database.exec('commit');
  for (const [n, { resolve }] of batch.entries()) resolve(ids[n] ?? 0);
};

const append = (body: string): Promise<number> =>
  new Promise((resolve) => {
    if (gathered.length === 0) setImmediate(flush);
    gathered.push({ body, resolve });
  });

const app = Fastify();
app.get('/', () => 'floor');
app.post('/api/v1/registrations', async (request, reply) => {
  const id = await append(JSON.stringify(request.body));
  return reply.code(201).send({ id });
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.on('SIGTERM', () => void app.close().then(() => database.close()));
