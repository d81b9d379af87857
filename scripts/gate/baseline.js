import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { equals, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import semver from "semver";
import { buf, root } from "../buf.js";

/**
 * The contract as last released: an image without source info, named after its version.
 *
 * @returns {{ version: string, path: string }}
 */
export function findBaseline() {
  const files = readdirSync(join(root, "baseline")).filter((file) => file.endsWith(".binpb"));
  const [file] = files;
  const version = file?.replace(/\.binpb$/, "");
  if (files.length !== 1 || file === undefined || !semver.valid(version)) {
    throw new Error(
      `baseline/: expected one image named after its version, such as 0.1.0.binpb; found ${files.join(", ") || "none"}`,
    );
  }
  return { version: version ?? "", path: `baseline/${file}` };
}

/** @param {string} path */
function readImage(path) {
  try {
    return fromBinary(FileDescriptorSetSchema, readFileSync(join(root, path)));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${path} is no image of a contract: ${text}; restore it from the release's tag`,
    );
  }
}

/**
 * @typedef {object} Elements
 * @property {(enumName: string, number: number) => string | undefined} enumValueName
 * @property {(name: string) => string[]} packagesOf The packages that have an element of this name:
 * a type, something in a type, or an enum value.
 * @property {boolean} hasRules Whether it has rules of protovalidate.
 */

/**
 * The elements of the baseline.
 *
 * @param {string} path
 * @returns {Elements}
 */
export function elementsOf(path) {
  const { file } = readImage(path);
  const enums = file.flatMap(({ enumType }) => enumType);
  /** @param {typeof file[number]} file */
  const namesIn = ({ messageType, enumType, service }) =>
    [messageType, enumType, service, ...enumType.map(({ value }) => value)]
      .flat()
      .map(({ name }) => name);
  return {
    enumValueName: (enumName, number) =>
      enums
        .filter(({ name }) => name === enumName)
        .flatMap(({ value }) => value)
        .find((value) => value.number === number)?.name,
    packagesOf: (name) => {
      const [first = ""] = name.split(".");
      const files = file.filter((it) => namesIn(it).includes(first));
      return [...new Set(files.map((it) => it.package))];
    },
    hasRules: file.some(({ name }) => name === "buf/validate/validate.proto"),
  };
}

/** The image of apis/ as it is now. */
export function buildImage() {
  const { status, stdout, stderr } = buf("build", "apis", "--exclude-source-info", "--output", "-");
  if (status !== 0) throw new Error(`buf build failed:\n${stderr}`);
  return stdout;
}

/**
 * Whether apis/ differs from the baseline in anything but comments and order of files.
 *
 * @param {string} path
 */
export function hasChangedSince(path) {
  const before = readImage(path);
  const after = fromBinary(FileDescriptorSetSchema, buildImage());
  return !equals(FileDescriptorSetSchema, before, after);
}
