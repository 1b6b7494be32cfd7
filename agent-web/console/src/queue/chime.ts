/** Two soft tones. A browser lets a page sound only after somebody has used it. */
export function chime(): void {
  try {
    const audio = new AudioContext();
    const begins = audio.currentTime;
    [660, 880].forEach((frequency, index) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const at = begins + index * 0.14;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.32);
      if (index === 1) tone.onended = () => void audio.close();
    });
  } catch {
    // Silence is all that is lost.
  }
}
