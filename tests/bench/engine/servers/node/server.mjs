// Node's socket.io as it comes. What it serves is told in ../__init__.py.
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createPlainServer } from "node:net";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import jwt from "jsonwebtoken";
import { Server } from "socket.io";

const secret = process.argv[2];
const backlog = 4096;

const http = createServer();
const io = new Server(http, { pingInterval: 25_000, pingTimeout: 20_000, serveClient: false });

io.use((socket, next) => {
  const { token } = socket.handshake.auth;
  if (token !== undefined) {
    try {
      socket.data.claims = jwt.verify(token, secret, { algorithms: ["HS256"] });
    } catch {
      next(new Error("invalid token"));
      return;
    }
  }
  next();
});

io.on("connection", (socket) => {
  const { rooms = [] } = socket.handshake.auth;
  socket.join(rooms);
  const { claims } = socket.data;
  if (claims) socket.join([`user:${claims.sub}`, `company:${claims.company}`, "public"]);
  socket.on("echo", (data, answer) => answer(data));
});

const control = createPlainServer(async (connection) => {
  for await (const line of createInterface({ input: connection })) {
    const [, room, first, count, padding] = line.split(" ");
    const pad = "x".repeat(Number(padding));
    const end = Number(first) + Number(count);
    for (let n = Number(first); n < end; n++) io.to(room).emit("event", { n, pad });
    await setImmediate();
  }
});

http.listen({ host: "127.0.0.1", port: 0, backlog });
control.listen({ host: "127.0.0.1", port: 0 });
await Promise.all([once(http, "listening"), once(control, "listening")]);
console.log(JSON.stringify({ port: http.address().port, control: control.address().port }));
