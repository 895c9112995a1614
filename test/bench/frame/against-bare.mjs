/** Rows of `inTurn` as ratios to the first, which is bare Node. */
export function againstBare(rows) {
  const [bare] = rows;
  return rows.map(({ name, wall, cpu }) => ({
    name,
    wall,
    cpu,
    wallRatio: wall / bare.wall,
    cpuRatio: cpu / bare.cpu,
  }));
}
