/** Makes several changes one undo step: batch.run(() => { … }). Within a running batch it just runs. */
export default function Batch(commandStack) {
  let running = 0,
      result;

  commandStack.registerHandler('bpm.batch', BatchHandler);

  this.run = change => {
    if (running) {
      return change();
    }

    running++;

    try {
      commandStack.execute('bpm.batch', { change: () => { result = change(); } });
    } finally {
      running--;
    }

    return result;
  };
}

Batch.$inject = [ 'commandStack' ];


// local functions //////////

// commands issued in preExecute become parts of this one
function BatchHandler() {}

BatchHandler.prototype.preExecute = ({ change }) => change();
