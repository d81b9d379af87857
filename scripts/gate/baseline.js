import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRegistry, equals, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import semver from "semver";
import { buf, root } from "../buf.js";

/**
 * The contract as last released, an image without source info, in the folder of its version. The folders
 * of the versions before have none.
 *
 * @returns {{ version: string, path: string }}
 */
export function findBaseline() {
  const versions = readdirSync(join(root, "baseline")).filter(
    (name) => semver.valid(name) && existsSync(join(root, imageOf(name))),
  );
  const [version] = versions;
  if (versions.length !== 1 || version === undefined) {
    throw new Error(
      `baseline/: expected one folder named after its version with the image of a contract, such as ${imageOf("0.1.0")}; found ${versions.map(imageOf).join(", ") || "none"}`,
    );
  }
  return { version, path: imageOf(version) };
}

/**
 * Where the contract of a version is kept.
 *
 * @param {string} version
 */
export function imageOf(version) {
  return `baseline/${version}/contract.binpb`;
}

/**
 * The description of the activities that was released beside a contract.
 *
 * @param {string} image
 */
export function activitiesBeside(image) {
  return `${dirname(image)}/activities.json`;
}

/**
 * The package that was released with a contract.
 *
 * @param {string} image
 */
export function tarballBeside(image) {
  return `${dirname(image)}/package.tgz`;
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
 * Whether apis/ differs from the baseline in anything but comments.
 *
 * @param {string} path
 */
export function hasChangedSince(path) {
  const before = readImage(path);
  const after = fromBinary(FileDescriptorSetSchema, buildImage());
  // Rules of protovalidate are extensions, which nothing here knows.
  const options = { unknown: true, registry: createRegistry() };
  return !equals(FileDescriptorSetSchema, before, after, options);
}
