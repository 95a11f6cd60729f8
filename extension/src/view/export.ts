// The picture as a file that looks the same outside the editor: every colour and font is written into it.

import { element, type Picture } from './picture';

const PROPERTIES = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-linejoin', 'opacity', 'font-family', 'font-size', 'font-weight', 'paint-order',
];
const MARKS = ['chosen', 'lit', 'faded'];

export function asFile({ svg, width, height }: Picture): string {
  const marked = MARKS.flatMap((mark) => [...svg.querySelectorAll(`.${mark}`)].map((part) => ({ part, mark })));
  for (const { part, mark } of marked) part.classList.remove(mark);
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>('*');
  for (const [i, part] of copy.querySelectorAll<SVGElement>('*').entries()) {
    const style = getComputedStyle(originals[i]!);
    if (!['title', 'defs', 'marker', 'g'].includes(part.tagName)) {
      for (const name of PROPERTIES) {
        const value = style.getPropertyValue(name);
        if (value && value !== 'none 0px') part.setAttribute(name, value);
      }
    } else if (style.opacity !== '1') part.setAttribute('opacity', style.opacity);
    for (const name of ['class', 'tabindex', 'role', 'data-id', 'aria-label', 'aria-expanded']) part.removeAttribute(name);
  }
  for (const { part, mark } of marked) part.classList.add(mark);
  copy.removeAttribute('class');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.prepend(element('rect', { width: '100%', height: '100%', fill: getComputedStyle(document.body).backgroundColor }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}
