/**
 * @import { DescEnum, DescEnumValue, DescField, DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf"
 * @typedef {DescMessage | DescField | DescEnum | DescEnumValue | DescService | DescMethod} Described
 */

// Field numbers of descriptor.proto, which a location of the source info is a path of.
const inFile = { message: 4, enum: 5, service: 6, syntax: 12 };
const inParent = 2;
const inMessage = { reservedRange: 9, reservedName: 10 };

// What is said to `buf lint` only.
const forLint = /^buf:lint:ignore .*\n?/gm;

/**
 * The comment above an element of a proto.
 *
 * @param {Described} desc
 */
export function commentOf(desc) {
  return commentAt(fileOf(desc), pathOf(desc));
}

/**
 * The comment at the top of a proto.
 *
 * @param {DescFile} file
 */
export function fileComment(file) {
  return commentAt(file, [inFile.syntax]);
}

/**
 * What a message says of the numbers and names that it has reserved.
 *
 * @param {DescMessage} message
 */
export function reservedComments(message) {
  return [inMessage.reservedRange, inMessage.reservedName]
    .map((number) => commentAt(message.file, [...pathOf(message), number]))
    .filter((comment) => comment !== "");
}

/**
 * @param {DescFile} file
 * @param {readonly number[]} path
 */
function commentAt(file, path) {
  const location = file.proto.sourceCodeInfo?.location.find(
    (candidate) => candidate.path.join() === path.join(),
  );
  return (location?.leadingComments ?? "").replaceAll(/^ /gm, "").replaceAll(forLint, "").trim();
}

/** @param {Described} desc */
function fileOf(desc) {
  return "file" in desc ? desc.file : desc.parent.file;
}

/**
 * @param {Described} desc
 * @returns {number[]}
 */
function pathOf(desc) {
  switch (desc.kind) {
    case "message":
    case "enum":
      if (desc.parent !== undefined)
        throw new Error(`${desc.typeName}: nested types are not known`);
      return desc.kind === "message"
        ? [inFile.message, desc.file.proto.messageType.indexOf(desc.proto)]
        : [inFile.enum, desc.file.proto.enumType.indexOf(desc.proto)];
    case "service":
      return [inFile.service, desc.file.proto.service.indexOf(desc.proto)];
    case "field":
      return [...pathOf(desc.parent), inParent, desc.parent.proto.field.indexOf(desc.proto)];
    case "enum_value":
      return [...pathOf(desc.parent), inParent, desc.parent.proto.value.indexOf(desc.proto)];
    case "rpc":
      return [...pathOf(desc.parent), inParent, desc.parent.proto.method.indexOf(desc.proto)];
  }
}
