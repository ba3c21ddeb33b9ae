import { strToU8, zipSync } from "fflate";

/** A release for the stand-in of `java`: a real JAR, by what a server looks at, that says how it wants to behave. */
export function jar(behaviour: Readonly<Record<string, unknown>>): Uint8Array {
  const files = { "META-INF/MANIFEST.MF": "Manifest-Version: 1.0\r\n", "drill.json": JSON.stringify(behaviour) };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}
