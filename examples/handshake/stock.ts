// The system that a workflow's task calls: it reserves stock for whoever shows its API key.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

export interface Stock {
  readonly url: string;
  /** Called for every reservation before it is answered; whoever wants to hold one waits here. */
  beforeAnswer: () => Promise<void>;
  stop(): Promise<void>;
}

export async function startStock(apiKey: string): Promise<Stock> {
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as { orderId?: string };
    await stock.beforeAnswer();
    const authorized = request.headers.authorization === `Bearer ${apiKey}`;
    const answer = authorized
      ? { orderId: body.orderId ?? "", reservationId: `res-${randomUUID()}` }
      : { title: "the API key is missing or wrong" };
    response.writeHead(authorized ? 201 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stock: Stock = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/reservations`,
    beforeAnswer: async () => {},
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return stock;
}
