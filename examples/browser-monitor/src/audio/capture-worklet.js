// Runs in the audio thread: averages the channels and sends a tenth of a second at a time through the port that it was given.
/* global AudioWorkletProcessor, registerProcessor, sampleRate */

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(Math.round(sampleRate / 10));
    this.n = 0;
    this.target = null;
    this.port.onmessage = ({ data }) => {
      this.target = data.target;
    };
  }

  process([channels]) {
    if (channels === undefined || channels.length === 0) return true;
    const { length } = channels[0];
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i];
      this.samples[this.n++] = sum / channels.length;
      if (this.n === this.samples.length) this.send();
    }
    return true;
  }

  send() {
    this.n = 0;
    const waveform = this.samples.slice();
    this.target?.postMessage({ waveform, sampleRate }, [waveform.buffer]);
  }
}

registerProcessor('capture', Capture);
