// ONNX files of a few nodes, written by hand: the fields of onnx.proto that they need.

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
};
const int = (field: number, value: number) => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, content: readonly number[]) => [...varint((field << 3) | 2), ...varint(content.length), ...content];
const text = (field: number, value: string) => bytes(field, [...Buffer.from(value)]);

const FLOAT = 1;
const INT64 = 7;
const OPSET = 13;

const tensor = (name: string, dims: number[], values: readonly number[], whole = false) => [
  ...dims.flatMap((size) => int(1, size)),
  ...int(2, whole ? INT64 : FLOAT),
  ...text(8, name),
  ...bytes(9, [...new Uint8Array((whole ? BigInt64Array.from(values.map(BigInt)) : Float32Array.from(values)).buffer)]),
];
const info = (name: string, dims: number[]) => [
  ...text(1, name),
  ...bytes(
    2,
    bytes(1, [
      ...int(1, FLOAT),
      ...bytes(
        2,
        dims.flatMap((size) => bytes(1, int(1, size))),
      ),
    ]),
  ),
];

export interface Node {
  op: string;
  from: string[];
  to: string;
}

/** A model from `x` of [1, width] to `y` of [1, classes]. */
export function onnxOf(
  nodes: readonly Node[],
  constants: readonly { name: string; dims: number[]; values: readonly number[]; whole?: boolean }[],
  width: number,
  classes: number,
): Uint8Array {
  const graph = [
    ...nodes.flatMap(({ op, from, to }) => bytes(1, [...from.flatMap((name) => text(1, name)), ...text(2, to), ...text(4, op)])),
    ...text(2, "graph"),
    ...constants.flatMap(({ name, dims, values, whole }) => bytes(5, tensor(name, dims, values, whole))),
    ...bytes(11, info("x", [1, width])),
    ...bytes(12, info("y", [1, classes])),
  ];
  return Uint8Array.from([...int(1, 8), ...bytes(7, graph), ...bytes(8, int(2, OPSET))]);
}

/** y = x W + b; weights row by row, one row for each number of a sample. */
export const linear = (weights: readonly number[], bias: readonly number[]): Uint8Array =>
  onnxOf(
    [
      { op: "MatMul", from: ["x", "W"], to: "m" },
      { op: "Add", from: ["m", "b"], to: "y" },
    ],
    [
      { name: "W", dims: [weights.length / bias.length, bias.length], values: weights },
      { name: "b", dims: [bias.length], values: bias },
    ],
    weights.length / bias.length,
    bias.length,
  );
