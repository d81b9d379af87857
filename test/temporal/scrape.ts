/** A series as Prometheus reads it. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a worker serves for Prometheus at this address. */
export async function scrape(address: string): Promise<Series[]> {
  const response = await fetch(`http://${address}/metrics`);
  const lines = (await response.text()).split("\n");
  return lines.flatMap((line) => {
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = labels.matchAll(/(\w+)="([^"]*)"/g);
    return {
      name,
      labels: Object.fromEntries([...pairs].map(([, label, text]) => [label, text])),
      value: Number(value),
    };
  });
}
