import { describe, expect, it } from "vitest";
import { checkTypes } from "../python.js";

/** What a type checker makes of the .pyi files. */
export function describeTypes(): void {
  describe("types in .pyi files", () => {
    it("accept a program", () => checkTypes("main.py"));

    it("refuse a token in a status", async () => {
      await expect(checkTypes("token_in_status.py")).rejects.toThrow(
        '"WorkflowExecutionStatus" has no attribute "callback_token"',
      );
    });
  });
}
