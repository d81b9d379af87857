import { ScalarType } from "@bufbuild/protobuf";
import { addressOf, anchorOf, firstSentence, oneLine, page, table, upLink } from "../markdown.js";
import { commentOf, fileComment, reservedComments } from "./comments.js";
import { memberAnchor } from "./names.js";

/**
 * @import { DescEnum, DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf"
 * @import { Place } from "../markdown.js"
 * @import { Described } from "./comments.js"
 * @import { ProtoPackage } from "./read-contract.js"
 *
 * @typedef {object} Context
 * @property {ReadonlyMap<string, Place>} places Of the elements of the contract.
 * @property {(comment: string, here: ProtoPackage, self: string) => string} linked
 * @property {(exportName?: string) => string} example Of an export, or of the package.
 */

// A longer text does not fit into a table.
const longestCell = 300;

/**
 * The page of a proto package.
 *
 * @param {ProtoPackage} here
 * @param {Context} context
 */
export function packagePage(here, { places, linked, example }) {
  const comment = (/** @type {Described} */ desc, self = "") => linked(commentOf(desc), here, self);

  const typeLink = (/** @type {string} */ typeName, text = typeName.split(".").at(-1) ?? "") => {
    const place = places.get(typeName);
    const url = place ? addressOf(here.page, place) : wellKnownUrl(typeName);
    return `[${text}](${url})`;
  };

  /** @param {DescService} service */
  function serviceSection(service) {
    return [
      `### ${service.name}`,
      comment(service, service.typeName),
      example(service.name),
      ...service.methods.flatMap(methodSection),
    ];
  }

  /** @param {DescMethod} method */
  function methodSection(method) {
    const output = typeLink(method.output.typeName);
    const returned = method.methodKind === "server_streaming" ? `a stream of ${output}` : output;
    return [
      `#### ${anchorTag(method.parent.name, method.name)}${method.name}`,
      `Takes ${typeLink(method.input.typeName)}, returns ${returned}.`,
      comment(method),
    ];
  }

  /** @param {DescMessage} message */
  function messageSection(message) {
    const fields = [...message.fields].sort((a, b) => a.number - b.number);
    return [
      `### ${message.name}`,
      comment(message, message.typeName),
      fields.length === 0
        ? "No fields."
        : table(["number", "field", "type", "meaning"], fields.map(fieldRow)),
      reservedText(message),
      ...fields.filter(isLong).flatMap(longFieldSection),
    ];
  }

  /** @param {DescField} field */
  function fieldRow(field) {
    const anchor = memberAnchor(field.parent.name, field.name);
    const text = comment(field);
    const meaning = isLong(field)
      ? `${firstSentence(text)} [More](#${detailsAnchor(field)})`
      : text;
    return [
      String(field.number),
      `<a id="${anchor}"></a>\`${field.name}\``,
      typeOf(field),
      `${isRedacted(field) ? "**Secret** (`debug_redact`). " : ""}${meaning}`,
    ];
  }

  /** @param {DescField} field */
  function longFieldSection(field) {
    return [
      `#### <a id="${detailsAnchor(field)}"></a>${field.parent.name}.${field.name}`,
      comment(field, `${field.parent.typeName}.${field.name}`),
    ];
  }

  /** @param {DescField} field */
  function typeOf(field) {
    const of = field.message ?? field.enum;
    const single = of ? typeLink(of.typeName) : `\`${scalarName(field)}\``;
    if (field.fieldKind === "list") return `repeated ${single}`;
    if (field.fieldKind !== "map") return single;
    return `map of \`${ScalarType[field.mapKey].toLowerCase()}\` to ${single}`;
  }

  /** @param {DescMessage} message */
  function reservedText(message) {
    const { reservedRange, reservedName } = message.proto;
    const numbers = reservedRange.map(({ start, end }) =>
      end - start === 1 ? `${start}` : `${start} to ${end - 1}`,
    );
    if (numbers.length + reservedName.length === 0) return "";
    const names = reservedName.map((name) => `\`${name}\``);
    const list = [...numbers, ...names].join(", ");
    return [
      `Reserved: ${list}.`,
      ...reservedComments(message).map((text) => linked(text, here, "")),
    ].join("\n\n");
  }

  /** @param {DescEnum} desc */
  function enumSection(desc) {
    const rows = desc.values.map((value) => [
      String(value.number),
      `${anchorTag(desc.name, value.name)}\`${value.name}\``,
      comment(value, `${desc.typeName}.${value.name}`),
    ]);
    return [
      `### ${desc.name}`,
      comment(desc, desc.typeName),
      table(["number", "value", "meaning"], rows),
    ];
  }

  /**
   * @param {string} title
   * @param {readonly { name: string }[]} descs
   */
  const contents = (title, descs) =>
    descs.length === 0
      ? []
      : [`- ${title}: ${descs.map(({ name }) => `[${name}](#${anchorOf(name)})`).join(", ")}`];

  const { services, messages, enums } = here;
  return page([
    `# ${here.name}`,
    upLink(here.page),
    `In TypeScript: \`@stigmer/apis/${here.entryPoint}\`. Names of fields are in lowerCamelCase there, and in JSON.`,
    table(
      ["proto", "holds"],
      here.files.map((file) => [
        `[${file.name.split("/").at(-1)}.proto](${protoAddress(here.page, file.name)})`,
        oneLine(fileComment(file)),
      ]),
    ),
    [
      ...contents("Services", services),
      ...contents("Messages", messages),
      ...contents("Enums", enums),
    ].join("\n"),
    example(),
    services.length === 0 ? "" : "## Services",
    ...services.flatMap(serviceSection),
    "## Messages",
    ...messages.flatMap(messageSection),
    enums.length === 0 ? "" : "## Enums",
    ...enums.flatMap(enumSection),
  ]);
}

/** @param {DescField} field */
function isRedacted(field) {
  return field.proto.options?.debugRedact === true;
}

/** @param {DescField} field */
function isLong(field) {
  const text = commentOf(field);
  return text.length > longestCell || text.includes("\n\n");
}

/** @param {DescField} field */
function detailsAnchor(field) {
  return `${memberAnchor(field.parent.name, field.name)}-details`;
}

/**
 * @param {string} parent
 * @param {string} name
 */
function anchorTag(parent, name) {
  return `<a id="${memberAnchor(parent, name)}"></a>`;
}

/** @param {DescField} field */
function scalarName({ scalar }) {
  if (scalar === undefined) throw new Error("expected a scalar");
  return ScalarType[scalar].toLowerCase();
}

/** @param {string} typeName */
function wellKnownUrl(typeName) {
  const name = typeName.replace(/^google\.protobuf\./, "");
  if (name === typeName) throw new Error(`${typeName} is described nowhere`);
  return `https://protobuf.dev/reference/protobuf/google.protobuf/#${name.toLowerCase()}`;
}

/**
 * @param {string} from
 * @param {string} name
 */
function protoAddress(from, name) {
  return `${"../".repeat(from.split("/").length + 1)}apis/${name}.proto`;
}
