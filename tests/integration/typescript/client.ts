/** Translates a sentence with the generated client, and asks for what cannot be had. */

import createClient from "openapi-fetch";

import { address } from "./address.js";
import type { paths } from "./schema.js";

const client = createClient<paths>({ baseUrl: address });

const { data: queued, error } = await client.POST("/v1/translations", {
  body: { text: "The vote is in July.", source: "en", target: "es" },
});
if (error) throw new Error(error.detail);
if (typeof queued === "string") throw new Error("No text was asked for.");
const { data: job } = await client.GET("/v1/jobs/{job_id}", {
  params: { path: { job_id: queued.id }, header: { prefer: "wait=60" } },
});
if (job?.result && "segments" in job.result) console.log(job.result.text);

const refused = await client.POST("/v1/translations", {
  body: { text: "The vote is in July.", source: "en", target: "fr" },
});
console.log(refused.error?.code);
