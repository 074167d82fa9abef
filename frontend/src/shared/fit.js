const MARGIN = 32,
      READABLE = .6,
      LEAST = .14;

/** Show the whole diagram with a margin around it; a small one is not blown up, an empty one has nothing to show. */
export function fit(canvas) {
  const { outer } = canvas.viewbox(),
        inner = drawn(canvas),
        scale = wholeScale(canvas);

  if (scale) {
    look(canvas, { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2 }, scale, outer);
  }
}

/**
 * Show the whole diagram, as small as it may get; one that would shrink to dust is shown so that its words can be read.
 *
 * @param {Canvas} canvas
 * @param {Shape} [around]
 */
export function fitWhole(canvas, around) {
  return wholeScale(canvas) >= LEAST ? fit(canvas) : fitReadable(canvas, around);
}

/**
 * Show the diagram so that its words can be read: whole if it is small enough, else around an element, else from its
 * left edge on.
 *
 * @param {Canvas} canvas
 * @param {Shape} [around]
 */
export function fitReadable(canvas, around) {
  const { outer } = canvas.viewbox(),
        inner = drawn(canvas),
        scale = wholeScale(canvas);

  if (!scale || scale >= READABLE) {
    return fit(canvas);
  }

  const middle = {
    x: around ? around.x + around.width / 2 : inner.x,
    y: around ? around.y + around.height / 2 : inner.y + inner.height / 2
  };

  look(canvas, {
    x: within(middle.x, inner.x, inner.width, outer.width / READABLE),
    y: within(middle.y, inner.y, inner.height, outer.height / READABLE)
  }, READABLE, outer);
}

/**
 * Bring an element into sight, large enough to read.
 *
 * @param {Canvas} canvas
 * @param {Shape|Connection} element
 * @param {number} margin that stays free around it, in pixels
 */
export function bring(canvas, element, margin) {
  // not both: scrolling starts from where the paper was before
  if (canvas.zoom() < READABLE && element.width && canvas.findRoot(element) === canvas.getRootElement()) {
    return fitReadable(canvas, element);
  }

  canvas.scrollToElement(element, { top: margin, right: margin, bottom: margin, left: margin });
}

/** The height in pixels at which the whole diagram fills the width of its canvas; a small one is not blown up. */
export function heightOfWhole(canvas) {
  const { outer } = canvas.viewbox(),
        inner = drawn(canvas),
        scale = Math.min(1, outer.width / (inner.width + 2 * MARGIN));

  return Math.ceil(scale * (inner.height + 2 * MARGIN));
}


// local functions //////////

/**
 * The box around everything drawn. The canvas' own box also holds what is not seen: outlines, areas for the mouse.
 *
 * @param {Canvas} canvas
 *
 * @return {Rect} without a size if there is nothing
 */
function drawn(canvas) {
  const points = corners(canvas.getRootElement());

  if (!points.length) {
    return { x: 0, y: 0, width: 0, height: 0 };
  }

  const [ left, right ] = ends(points.map(point => point.x)),
        [ top, bottom ] = ends(points.map(point => point.y));

  return { x: left, y: top, width: right - left, height: bottom - top };
}

function corners({ children = [] }) {
  return children.flatMap(child => [
    ...child.waypoints || [ { x: child.x, y: child.y }, { x: child.x + child.width, y: child.y + child.height } ],
    ...corners(child)
  ]);
}

function ends(numbers) {
  return [ Math.min(...numbers), Math.max(...numbers) ];
}

/** The scale at which everything is seen; 0 if there is nothing to see. */
function wholeScale(canvas) {
  const { inner, outer } = canvas.viewbox();

  return inner.width && inner.height && outer.width && outer.height
    ? Math.min(1, outer.width / (inner.width + 2 * MARGIN), outer.height / (inner.height + 2 * MARGIN))
    : 0;
}

function look(canvas, { x, y }, scale, outer) {
  const width = outer.width / scale,
        height = outer.height / scale;

  canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
}

/** Move the middle so that no more of the empty paper is seen than need be. */
function within(middle, start, length, seen) {
  return seen >= length + 2 * MARGIN
    ? start + length / 2
    : Math.min(start + length + MARGIN - seen / 2, Math.max(start - MARGIN + seen / 2, middle));
}
