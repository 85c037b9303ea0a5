// What a reader of the mail can make of its figures, at each width: arguments are the mail's HTML,
// the widths in pixels, the pattern of a figure, and "all" or "part" where the client forces dark.
const [html, widths, pattern, darkening] = arguments;
const frame = document.createElement("iframe");
frame.style.cssText = "border: 0; height: 40000px"; // so high that no scrollbar takes from the width
document.body.style.margin = 0;
document.body.replaceChildren(frame);
const page = frame.contentDocument;
page.open();
page.write(html);
page.close();
const root = page.documentElement;
const style = (element) => frame.contentWindow.getComputedStyle(element);

const PAPER = "rgb(255, 255, 255)"; // what a client shows a mail on

// ── Colours ──────────────────────────────────────────────────────────────────────────────────────
const channels = (color) => (color.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const isClear = (color) => channels(color)[3] === 0;

function lightness(color) {
  const [r, g, b] = channels(color);
  return (Math.max(r, g, b) + Math.min(r, g, b)) / 510;
}

// The same hue with the lightness turned round: light becomes as dark as it was light.
function turned(color) {
  const [r, g, b] = channels(color);
  const shift = 255 - Math.max(r, g, b) - Math.min(r, g, b);
  return `rgb(${r + shift}, ${g + shift}, ${b + shift})`;
}

// "all" turns every colour round (Outlook for Windows, Gmail on iOS); "part" what is dark on light
// alone (Outlook on the web, Gmail on Android).
function forceDark() {
  const elements = [root, ...page.body.querySelectorAll("*"), page.body];
  const before = elements.map((element) => {
    const { color, backgroundColor } = style(element);
    const isPaper = element === root && isClear(backgroundColor);
    return [element, color, isPaper ? PAPER : backgroundColor];
  });
  for (const [element, color, background] of before) {
    if (darkening === "all" || lightness(color) < 0.5)
      element.style.setProperty("color", turned(color), "important");
    if (!isClear(background) && (darkening === "all" || lightness(background) > 0.5))
      element.style.setProperty("background-color", turned(background), "important");
  }
}

function luminance(color) {
  const [r, g, b] = channels(color).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function behind(element) {
  for (let each = element; each; each = each.parentElement) {
    const color = style(each).backgroundColor;
    if (!isClear(color)) return color;
  }
  return PAPER;
}

// WCAG 2.2, 1.4.3: 4.5 to 1, or 3 to 1 from 24 pixels, bold from 18.66.
function isFaint(element) {
  const { color, fontSize, fontWeight } = style(element);
  const [less, more] = [luminance(color), luminance(behind(element))].sort((a, b) => a - b);
  const size = parseFloat(fontSize);
  const least = size >= 24 || (size >= 18.66 && fontWeight >= 700) ? 3 : 4.5;
  return (more + 0.05) / (less + 0.05) < least;
}

// ── Text, block by block ─────────────────────────────────────────────────────────────────────────
function blockOf(node) {
  let block = node.parentElement;
  while (style(block).display.startsWith("inline")) block = block.parentElement;
  return block;
}

function isSeen(node) {
  return node.data.trim() && node.parentElement.checkVisibility();
}

// Runs of text nodes that stand in one block with no line break between them.
function runs() {
  const found = [];
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let run = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "BR") run = null;
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const block = blockOf(node);
    if (!isSeen(node)) {
      if (run?.block === block) run.nodes.push(node); // a blank between two figures
      continue;
    }
    if (run?.block !== block) found.push((run = { block, nodes: [] }));
    run.nodes.push(node);
  }
  return found;
}

function place(nodes, offset) {
  for (const node of nodes) {
    if (offset <= node.length) return [node, offset];
    offset -= node.length;
  }
}

function figuresIn(runs) {
  return runs.flatMap(({ nodes }) => {
    const text = nodes.map((node) => node.data).join("");
    return [...text.matchAll(new RegExp(pattern, "gu"))].map((match) => {
      const range = page.createRange();
      const [first, at] = place(nodes, match.index + 1);
      range.setStart(first, at - 1);
      range.setEnd(...place(nodes, match.index + match[0].length));
      return { text: match[0], range, nodes };
    });
  });
}

// ── What can go wrong ────────────────────────────────────────────────────────────────────────────
const middle = (box) => (box.top + box.bottom) / 2;

function boxes(range) {
  const seen = [...range.getClientRects()].filter((box) => box.width > 0.5);
  return seen.map(({ left, right, top, bottom, height }) => ({ left, right, top, bottom, height }));
}

function isSplit(found) {
  return found.some((box) => found.some((other) =>
    Math.abs(middle(box) - middle(other)) > Math.min(box.height, other.height) / 2));
}

// Which boxes cut off what an element holds: the page's width, and whatever hides its overflow.
const clipping = new Map();

function clippers(element) {
  if (element === root || !element) return [];
  if (!clipping.has(element)) {
    const above = clippers(element.parentElement);
    clipping.set(element, style(element).overflow === "visible" ? above : [element, ...above]);
  }
  return clipping.get(element);
}

function isCut(found, element) {
  const clips = clippers(element).map((each) => each.getBoundingClientRect());
  return found.some((box) =>
    box.left < -1 || box.right > root.clientWidth + 1 || clips.some((clip) =>
      box.left < clip.left - 1 || box.right > clip.right + 1 ||
      box.top < clip.top - 3 || box.bottom > clip.bottom + 3));
}

// Letters fill the middle of their line's box.
function isCovered(found, nodes, lines) {
  return found.some((box) => lines.some(({ node, box: other }) =>
    Math.abs(middle(box) - middle(other)) < (box.height + other.height) / 4 &&
    Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
    !nodes.includes(node)));
}

function faults(figures, texts) {
  const lines = texts.flatMap(({ node, range }) => boxes(range).map((box) => ({ node, box })));
  const wrong = root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} wide`] : [];
  for (const { text, range, nodes } of figures) {
    const found = boxes(range);
    if (!found.length) wrong.push(`hidden: ${text}`);
    if (isSplit(found)) wrong.push(`split: ${text}`);
    if (isCut(found, range.startContainer.parentElement)) wrong.push(`cut: ${text}`);
    if (isCovered(found, nodes, lines)) wrong.push(`covered: ${text}`);
  }
  return wrong;
}

if (darkening) forceDark();
frame.style.width = `${widths[0]}px`;
const all = runs();
const texts = all.flatMap(({ nodes }) => nodes).filter(isSeen).map((node) => {
  const range = page.createRange();
  range.selectNodeContents(node);
  return { node, range };
});
const found = figuresIn(all);
return {
  figures: found.map(({ text }) => text),
  faults: widths.flatMap((width) => {
    frame.style.width = `${width}px`;
    return faults(found, texts).map((fault) => `${width} pixels, ${fault}`);
  }),
  faint: texts.filter(({ node }) => isFaint(node.parentElement)).map(({ node }) => node.data.trim()),
};
