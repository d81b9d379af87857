/**
 * A doc comment as Markdown, and what it says of parameters.
 *
 * @param {string} source With its marks; empty for none.
 */
export function docComment(source) {
  const text = source
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .replaceAll(/^[ \t]*\*[ ]?/gm, "")
    .trim();
  const [description = "", ...tags] = text.split(/^@/m);
  return {
    text: description.trim(),
    params: tags.map((tag) => {
      const [, name = "", meaning = ""] = /^param (\S+)\s+([\s\S]+)$/.exec(tag.trim()) ?? [];
      if (name === "") throw new Error(`a doc comment has a tag that is not known: @${tag}`);
      return { name, meaning };
    }),
  };
}
