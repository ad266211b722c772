// The OpenAPI 3.1 document, made of the routes: its schemas are JSON Schema, which zod writes.
import { z } from "zod/v4";
import { CLAIM_SCHEMAS } from "./bodies.ts";
import { type Route, ROUTES } from "./routes.ts";

const REASONS: Record<number, string> = {
  200: "Done",
  202: "Taken; it goes on",
  400: "Not understood",
  401: "Not signed by whom it names",
  403: "Not allowed",
  404: "Not known",
  409: "In the way of something else",
  413: "Too large",
  422: "The evidence is refused, with its code",
  429: "Too many requests",
  500: "A fault of the verifier",
  503: "Not now",
};

const schemaOf = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", target: "draft-2020-12" });
  return rest;
};
const json = (schema: z.ZodType) => ({ "application/json": { schema: schemaOf(schema) } });

export function openApi(url: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries(ROUTES) as [string, Route][]) {
    const { method, path, summary, tag, params = {}, body, answers } = route;
    paths[path] = {
      ...paths[path],
      [method]: {
        operationId,
        summary,
        tags: [tag],
        ...(Object.keys(params).length > 0 && {
          parameters: Object.entries(params).map(([name, schema]) => ({
            name,
            in: "path",
            required: true,
            schema: schemaOf(schema),
          })),
        }),
        ...(body && { requestBody: { required: true, content: json(body) } }),
        responses: Object.fromEntries(
          Object.entries(answers).map(([status, schema]) => [
            status,
            { description: REASONS[Number(status)]!, ...(schema && { content: json(schema) }) },
          ]),
        ),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "FTNS verifier",
      version: "1.0.0",
      description: "Checks evidence of contributions, signs what it found, and gathers other verifiers' signatures.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url }],
    tags: [
      { name: "contributors", description: "For whoever contributed" },
      { name: "verifiers", description: "Between verifiers" },
    ],
    paths,
    components: { schemas: Object.fromEntries(Object.entries(CLAIM_SCHEMAS).map(([name, schema]) => [name, schemaOf(schema)])) },
  };
}
