import { stakingRows } from "./staking.ts";
for (const r of await stakingRows())
  console.log(r.name, r.gas, r.referenceGas, (Number(r.gas) / Number(r.referenceGas)).toFixed(4), r.reference);
process.exit(0);
