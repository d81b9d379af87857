import { setTimeout as sleep } from "node:timers/promises";
import { isGrpcServiceError, ServiceError } from "@temporalio/client";

/** Asks the server again for as long as it is away. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const isAway = isGrpcServiceError(error) || error instanceof ServiceError;
      if (!isAway || attempt === 100) throw error;
      await sleep(200);
    }
  }
}
