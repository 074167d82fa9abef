/**
 * Colours of a diagram: the page's own, so that they follow the theme. A picture that leaves the page has no style
 * sheet around it and gets fixed colours.
 */
const PAPER = 'var(--diagram-paper)',
      INK = 'var(--diagram-ink)';

export const rendererColours = { defaultFillColor: PAPER, defaultStrokeColor: INK, defaultLabelColor: INK };

export function withFixedColours(svg) {
  return svg.replaceAll(PAPER, '#ffffff').replaceAll(INK, '#22201c');
}
