/**
 * Bit-exact ports of `expWad` and `lnWad` of Solady 0.1.26 (after Remco Bloemen, https://2π.com/22/exp-ln).
 * BigInt division truncates and its right shift floors, as SDIV and SAR do, so the steps carry over one by one.
 */
import { int256, MathError } from "./words.ts";

const EXP_ZERO_AT = -41446531673892822313n;
const EXP_OVERFLOW_AT = 135305999368893231589n;
const LN_2 = 54916777467707473351141471128n; // ln(2) * 2^96

/** Product of two 96-bit fixed point numbers. */
function mul96(a: bigint, b: bigint): bigint {
  return int256(a * b) >> 96n;
}

/** `e^(x / 1e18) * 1e18`; zero for very small `x`, throws where the contract reverts with `ExpOverflow`. */
export function expWad(x: bigint): bigint {
  if (x <= EXP_ZERO_AT) return 0n;
  if (x >= EXP_OVERFLOW_AT) throw new MathError("ExpOverflow", `${x}`);

  // To 96-bit fixed point, then to (-ln(2)/2, ln(2)/2) with e^x = e^x' * 2^k.
  let t = (x << 78n) / 5n ** 18n;
  const k = ((t << 96n) / LN_2 + (1n << 95n)) >> 96n;
  t -= k * LN_2;

  // A (6, 7)-term rational approximation.
  const y = mul96(t + 1346386616545796478920950773328n, t) + 57155421227552351082224309758442n;
  let p = y + t - 94201549194550492254356042504812n;
  p = mul96(p, y) + 28719021644029726153956944680412240n;
  p = int256(p * t + (4385272521454847904659076985693276n << 96n));

  let q = t - 2855989394907223263936484059900n;
  q = mul96(q, t) + 50020603652535783019961831881945n;
  q = mul96(q, t) - 533845033583426703283633433725380n;
  q = mul96(q, t) + 3604857256930695427073651918091429n;
  q = mul96(q, t) - 14423608567350463180887372962807573n;
  q = mul96(q, t) + 26449188498355588339934803723976023n;

  return ((p / q) * 3822833074963236453042738258902158003155416615667n) >> (195n - k);
}

/** `ln(x / 1e18) * 1e18`; throws where the contract reverts with `LnWadUndefined`. */
export function lnWad(x: bigint): bigint {
  if (x <= 0n) throw new MathError("LnWadUndefined", `${x}`);

  // x * 2^r fills 256 bits; reduced to (1, 2) * 2^96.
  const r = BigInt(256 - x.toString(2).length);
  const m = (x << r) >> 159n;

  // A (8, 8)-term rational approximation.
  let p = mul96(3273285459638523848632254066296n + m, m);
  p = mul96(24828157081833163892658089445524n + p, m);
  p = mul96(43456485725739037958740375743393n + p, m) - 11111509109440967052023855526967n;
  p = mul96(p, m) - 45023709667254063763336534515857n;
  p = mul96(p, m) - 14706773417378608786704636184526n;
  p = int256(p * m - (795164235651350426258249787498n << 96n));

  let q = 5573035233440673466300451813936n + m;
  q = 71694874799317883764090561454958n + mul96(m, q);
  q = 283447036172924575727196451306956n + mul96(m, q);
  q = 401686690394027663651624208769553n + mul96(m, q);
  q = 204048457590392012362485061816622n + mul96(m, q);
  q = 31853899698501571402653359427138n + mul96(m, q);
  q = 909429971244387300277376558375n + mul96(m, q);

  let result = int256(1677202110996718588342820967067443963516166n * (p / q));
  result = int256(16597577552685614221487285958193947469193820559219878177908093499208371n * (159n - r) + result);
  result = int256(600920179829731861736702779321621459595472258049074101567377883020018308n + result);
  return result >> 174n;
}
