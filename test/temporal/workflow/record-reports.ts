import type { SystemActivities } from "@stigmer/apis/temporal";

type Reported = [name: keyof SystemActivities, ...args: unknown[]];

/** The activities of a runner, all of which do as they are told, and what they were called with. */
export function recordReports(report: () => Promise<unknown> = async () => "reported") {
  const reports: Reported[] = [];
  const recording =
    (name: keyof SystemActivities) =>
    async (...args: never[]) => {
      reports.push([name, ...args]);
      return report();
    };
  const activities = {
    CompleteExternalActivity: recording("CompleteExternalActivity"),
    FailExternalActivity: recording("FailExternalActivity"),
    CancelExternalActivity: recording("CancelExternalActivity"),
  };
  return { activities, reports };
}
