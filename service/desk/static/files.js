/** Files that a story can come as. */

/** @type {Record<string, {endings: string[], binary?: boolean}>} The server's formats, by their names. */
const FORMATS = {
  html: { endings: [".html", ".htm", ".xhtml"] },
  markdown: { endings: [".md", ".markdown"] },
  srt: { endings: [".srt"] },
  vtt: { endings: [".vtt"] },
  docx: { endings: [".docx"], binary: true },
  pptx: { endings: [".pptx"], binary: true },
  odt: { endings: [".odt"], binary: true },
  xliff: { endings: [".xlf", ".xliff"] },
  po: { endings: [".po", ".pot"] },
  ninjs: { endings: [".ninjs", ".ninjs.json"] },
  newsml: { endings: [".newsml", ".newsml.xml", ".g2.xml"] },
  xml: { endings: [".xml"] },
};

/** For `accept` of a file field. */
export const ENDINGS = [".txt", ...Object.values(FORMATS).flatMap(({ endings }) => endings)].join(",");

/**
 * What a request has of a file: a document with its format, or a text.
 * @param {File} file
 * @returns {Promise<{document: string, format: string} | {text: string}>}
 */
export async function contentOf(file) {
  const name = file.name.toLowerCase();
  const found = Object.entries(FORMATS).find(([, { endings }]) => endings.some((one) => name.endsWith(one)));
  if (!found) return { text: await file.text() };
  const [format, { binary }] = found;
  return { document: binary ? base64(await file.arrayBuffer()) : await file.text(), format };
}

/** @param {ArrayBuffer} buffer */
function base64(buffer) {
  const characters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(characters.join(""));
}
