// Gets readings from a weather service whose address is fixed, and tries again when that fails.
import { readFile } from "node:fs/promises";

interface Reading {
  station: number;
  temperature: number;
}

const ENDPOINT = "https://weather.example.org/v1/stations";

export class Client {
  private readonly headers: Record<string, string> = { accept: "application/json" };

  async get(station: number, attempts = 3): Promise<Reading> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const response = await fetch(`${ENDPOINT}/${station}`, { headers: this.headers });
      if (response.ok) {
        return (await response.json()) as Reading;
      }
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 1000));
    }
    throw new Error(`station ${station} does not answer`);
  }

  async all(path: string): Promise<Reading[]> {
    const stations: number[] = JSON.parse(await readFile(path, "utf8"));
    const readings = await Promise.all(stations.map((station) => this.get(station)));
    console.log("%d readings", readings.length);
    return readings;
  }
}
