export {
  createExecutionActivities,
  type ExecutionActivities,
  type ExecutionActivitiesOptions,
} from "./execution-activities.js";
