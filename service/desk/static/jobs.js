/** Jobs that workers do for the desk. */

import { Problem, call } from "./api.js";

const WAIT_SECONDS = 20;

/**
 * The result of a job, when it has ended. Throws Problem where it fails, or Unreachable.
 * @param {string} path Where it is asked for.
 * @param {object} json
 */
export async function resultOf(path, json) {
  let job = await call("POST", path, { json, wait: WAIT_SECONDS });
  while (["queued", "running"].includes(job.state)) {
    job = await call("GET", `v1/jobs/${job.id}`, { wait: WAIT_SECONDS });
  }
  if (!job.result) throw new Problem(job.error?.status ?? 503, job.error ?? {});
  return job.result;
}
