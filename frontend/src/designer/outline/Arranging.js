import { csrfToken } from '../../shared/request';

/**
 * Gives everything in the diagram the places that the server's layout finds for it. The new places belong to the
 * change before them: one undo takes both back.
 */
export default function Arranging(config, commandStack, elementRegistry, bpmnFactory, injector, eventBus) {

  // switched off by those who place the shapes themselves
  this.isOn = localStorage.getItem('bpm-arrange') !== 'no';

  commandStack.registerHandler('bpm.arrange', function() {
    this.execute = context => {
      context.before = context.after.map(({ element }) => remember(element));
      context.after.forEach(place);

      return context.after.map(({ element }) => element);
    };

    this.revert = ({ before }) => {
      before.forEach(putBack);

      return before.map(({ element }) => element);
    };
  });

  this.turn = on => {
    this.isOn = on;
    localStorage.setItem('bpm-arrange', on ? 'yes' : 'no');

    return on ? this.arrange() : Promise.resolve();
  };

  /**
   * Arrange now. Whoever goes on meanwhile gets the places for what he has drawn by then; whoever takes the change back
   * gets none.
   */
  this.arrange = async () => {
    let stand, top, places;

    do {
      stand = commandStack._stackIdx;
      top = commandStack._stack[stand];

      const { xml } = await injector.get('bpmnjs').saveXML();

      try {
        places = await ask(xml);
      } catch {
        return; // nobody answers: the steps keep the places they were given at first
      }
    } while (commandStack._stackIdx > stand && commandStack._stack[stand] === top);

    if (commandStack._stackIdx !== stand || commandStack._stack[stand] !== top) {
      return;
    }

    const after = changes(places);

    if (after.length) {
      commandStack.execute('bpm.arrange', { after });

      // steps of one id are undone and redone together
      if (top) {
        commandStack._stack.slice(stand + 1).forEach(action => { action.id = top.id; });
      }
    }

    eventBus.fire('bpm.arranged');
  };

  /** After a change made in the list of steps. */
  this.follow = () => this.isOn ? this.arrange() : Promise.resolve();

  async function ask(xml) {
    const response = await fetch(config.urls.layoutUrl, {
      method: 'POST', body: xml, credentials: 'same-origin', headers: { 'Content-Type': 'application/xml', 'X-CSRFToken': csrfToken() }
    });

    if (!response.ok) {
      throw new Error(response.statusText);
    }

    return response.json();
  }

  function changes({ shapes, edges, labels }) {
    const found = [];

    for (const [ id, box ] of Object.entries(shapes)) {
      const element = elementRegistry.get(id);

      if (element && !element.waypoints) {
        const label = labels[id] || beside(element, box);

        found.push({ element, box }, ...element.label && label ? [ { element: element.label, box: label } ] : []);
      }
    }

    for (const [ id, points ] of Object.entries(edges)) {
      const element = elementRegistry.get(id);

      if (element?.waypoints) {
        found.push({ element, points: points.map(([ x, y ]) => ({ x, y })) });

        if (element.label && labels[id]) {
          found.push({ element: element.label, box: labels[id] });
        }
      }
    }

    return found.filter(differs);
  }

  // a label whose place the server does not say goes with its shape
  function beside(element, box) {
    const { label } = element;

    return label && { x: label.x + box.x - element.x, y: label.y + box.y - element.y, width: label.width, height: label.height };
  }

  function place({ element, box, points }) {
    if (points) {
      element.waypoints = points;
      element.di.waypoint = points.map(point => create('dc:Point', point, element.di));

      return;
    }

    Object.assign(element, box);

    if (element.labelTarget) {
      if (!element.di.label) {
        element.di.label = create('bpmndi:BPMNLabel', {}, element.di);
      }

      element.di.label.bounds = create('dc:Bounds', box, element.di.label);
    } else {
      element.di.bounds = create('dc:Bounds', box, element.di);
    }
  }

  function create(type, props, parent) {
    const node = bpmnFactory.create(type, props);

    node.$parent = parent;

    return node;
  }
}

Arranging.$inject = [ 'config.designer', 'commandStack', 'elementRegistry', 'bpmnFactory', 'injector', 'eventBus' ];


// local functions //////////

function differs({ element, box, points }) {
  return points
    ? JSON.stringify(points) !== JSON.stringify(element.waypoints.map(({ x, y }) => ({ x, y })))
    : [ 'x', 'y', 'width', 'height' ].some(name => element[name] !== box[name]);
}

function remember(element) {
  const { di, x, y, width, height, waypoints } = element;

  return { element, di, x, y, width, height, waypoints, bounds: di.bounds, waypoint: di.waypoint, label: di.label, labelBounds: di.label?.bounds };
}

function putBack({ element, di, x, y, width, height, waypoints, bounds, waypoint, label, labelBounds }) {
  if (waypoints) {
    element.waypoints = waypoints;
    di.waypoint = waypoint;

    return;
  }

  Object.assign(element, { x, y, width, height });

  if (!element.labelTarget) {
    di.bounds = bounds;
  } else {
    di.label = label;

    if (label) {
      label.bounds = labelBounds;
    }
  }
}
