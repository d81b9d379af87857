import { server } from "../../server.js";
import { uses } from "../../uses.js";

export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await uses(server));
}
