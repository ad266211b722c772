// Files that import one another in a circle: none of them can be read, tested or changed without all others.

/** Each circle once, as the files along it, the first one again at its end. */
export function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): void => {
    const at = trail.indexOf(file);
    if (at >= 0) circles.push([...trail.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    trail.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    trail.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return circles;
}
