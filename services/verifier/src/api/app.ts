// Serves the routes: bounds every request, checks it by its schema, and turns whatever goes wrong into an answer with a code.
import { wordsOf } from "@ftns/service/errors.ts";
import { placeOf } from "@ftns/service/http/serve.ts";
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiFault } from "./faults.ts";
import type { Handlers } from "./handlers.ts";
import { RateLimiter } from "./limiter.ts";
import { openApi } from "./openapi.ts";
import { MAX_BODY_BYTES, type Route, type RouteName, ROUTES } from "./routes.ts";

export interface AppSettings {
  handlers: Handlers;
  publicUrl: string;
  requestsPerMinute: number;
  trustProxy: boolean;
  note(route: string, status: number, ms: number): void;
  /** A fault of our own. */
  complain(route: string, reason: string): void;
}

/** Requests that are worked on at the same time; what comes on top is asked to come back. */
const AT_ONCE = 256;

export function createApp({ handlers, publicUrl, requestsPerMinute, trustProxy, note, complain }: AppSettings): Hono {
  const app = new Hono();
  const limiter = new RateLimiter(requestsPerMinute);
  let working = 0;

  const placeIn = (context: Context): string => {
    const forwarded = trustProxy ? context.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
    return placeOf(forwarded ?? getConnInfo(context).remote.address ?? "");
  };
  app.use("/api/*", async (context, next) => {
    const waitSec = limiter.take(placeIn(context), performance.now());
    if (waitSec > 0) {
      context.header("retry-after", String(waitSec));
      return answerFault(context, new ApiFault("TOO_MANY", `Too many requests; come back in ${waitSec} s.`));
    }
    if (working >= AT_ONCE) return answerFault(context, new ApiFault("NOT_NOW", "Too much is asked just now; come back."));
    working++;
    try {
      await next();
    } finally {
      working--;
    }
  });
  app.use(
    "/api/*",
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => answerFault(context, new ApiFault("TOO_LARGE", `More than ${MAX_BODY_BYTES} bytes.`)),
    }),
  );

  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    app.on(route.method, path, async (context) => {
      const started = performance.now();
      const response = await respond(context, name, route).catch((error: unknown) => {
        if (error instanceof ApiFault) return answerFault(context, error);
        complain(name, wordsOf(error));
        return context.json({ code: "FAULT", error: "This verifier has a fault; its operator is told." }, 500);
      });
      note(name, response.status, performance.now() - started);
      return response;
    });
    app.all(path, (context) =>
      context.json({ code: "BAD_REQUEST", error: `Only ${route.method.toUpperCase()} is answered here.` }, 405, {
        allow: route.method.toUpperCase(),
      }),
    );
  }

  async function respond(context: Context, name: RouteName, route: Route): Promise<Response> {
    const params: Record<string, string> = {};
    for (const [param, schema] of Object.entries(route.params ?? {})) {
      const result = schema.safeParse(context.req.param(param));
      if (!result.success) throw new ApiFault("BAD_REQUEST", `${param} ${result.error.issues[0]!.message}.`);
      params[param] = result.data;
    }
    const body = route.body === undefined ? undefined : await bodyOf(context, route.body);
    const handle = handlers[name] as (request: {
      params: Record<string, string>;
      body: unknown;
    }) => ReturnType<Handlers[RouteName]>;
    const { status, body: answer } = await handle({ params, body });
    context.header("cache-control", "no-store");
    return context.json(answer as object, status);
  }

  const document = openApi(publicUrl);
  app.get("/openapi.json", (context) => context.json(document));
  app.notFound((context) => context.json({ code: "NOT_FOUND", error: "See /openapi.json for what is here." }, 404));
  app.onError((error, context) => {
    complain("server", wordsOf(error));
    return context.json({ code: "FAULT", error: "This verifier has a fault; its operator is told." }, 500);
  });
  return app;
}

async function bodyOf(context: Context, schema: NonNullable<Route["body"]>): Promise<unknown> {
  const type = context.req.header("content-type")?.split(";")[0]?.trim();
  if (type !== "application/json") throw new ApiFault("BAD_REQUEST", "The content type must be application/json.");
  if ((context.req.header("content-encoding") ?? "identity") !== "identity")
    throw new ApiFault("BAD_REQUEST", "A packed request is not unpacked.");
  let given: unknown;
  try {
    given = JSON.parse(await context.req.text());
  } catch {
    throw new ApiFault("BAD_REQUEST", "The body is no valid JSON.");
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new ApiFault("BAD_REQUEST", `${path.join(".") || "the body"}: ${message}`.slice(0, 300));
}

function answerFault(context: Context, { status, code, message, more }: ApiFault): Response {
  return context.json({ code, error: message, ...more }, status);
}
