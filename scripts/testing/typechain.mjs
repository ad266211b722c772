// Node runs our TypeScript as it is, which starts faster than any translation; biome.json forbids the few words of the language
// that would need one. The types that TypeChain writes name their files as if they had been translated.
import { registerHooks } from "node:module";

registerHooks({
  resolve(name, context, next) {
    const generated = name.startsWith(".") && name.endsWith(".js") && context.parentURL?.includes("/typechain-types/");
    return next(generated ? name.replace(/\.js$/, ".ts") : name, context);
  },
});
