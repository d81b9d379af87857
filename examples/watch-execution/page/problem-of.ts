import { Code, ConnectError } from "@connectrpc/connect";

/** Why an execution cannot be watched, in one sentence for whoever looks at the page. */
export function problemOf(error: unknown, id: string): string {
  const { code } = ConnectError.from(error);
  switch (code) {
    case Code.NotFound:
      return `There is no execution ${id}. It may have been deleted.`;
    case Code.Unauthenticated:
      return "Sign in to watch this execution.";
    case Code.PermissionDenied:
      return "You may not watch this execution.";
    default:
      return `This execution cannot be watched: the service answered ${Code[code]}.`;
  }
}
