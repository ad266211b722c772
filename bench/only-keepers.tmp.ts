const { keeperRows } = await import("./keepers.ts");
for (const r of await keeperRows()) console.log(r.name, r.gas, r.referenceGas);
process.exit(0);
