import { server } from "./server.js";
import { uses } from "./uses.js";

uses(server).then((used) => console.log(JSON.stringify(used)));
