/** Three sounds, made here from plain tones, so that nothing is fetched: a call, an alarm, an emergency. Each is told
 *  from the others by its melody, not only by its loudness. Loudness is kept for each person on each machine. */

export const SOUNDS = ['call', 'alarm', 'emergency'] as const;
export type Sound = (typeof SOUNDS)[number];

/** [hertz, starts after seconds, lasts seconds] */
type Tone = readonly [number, number, number];
const MELODIES: Record<Sound, readonly Tone[]> = {
  // A soft pair, as a telephone far away.
  call: [[587, 0, 0.16], [784, 0.18, 0.28]],
  // One low, twice.
  alarm: [[330, 0, 0.18], [330, 0.26, 0.18]],
  // Three that climb, as the conch does.
  emergency: [[440, 0, 0.2], [660, 0.22, 0.2], [880, 0.44, 0.5]],
};
/** While it goes on, a call and an emergency are heard again this often. */
export const AGAIN_MS: Record<Sound, number> = { call: 4_000, alarm: 0, emergency: 3_000 };
const LOUDNESS_OTHERWISE = 60;
const RAMP_S = 0.02;

class Sounds {
  /** 0 to 100 */
  loudness = $state<Record<Sound, number>>({ call: LOUDNESS_OTHERWISE, alarm: LOUDNESS_OTHERWISE, emergency: LOUDNESS_OTHERWISE });
  quiet = $state(false);
  /** the browser lets nothing be heard before somebody has touched the page */
  blocked = $state(false);
  #who = '';
  #context: AudioContext | null = null;

  /** Takes what this person chose on this machine. */
  of(who: string): void {
    this.#who = who;
    try {
      const kept = JSON.parse(localStorage.getItem(`lanbi.sounds.${who}`) ?? '{}') as { quiet?: boolean } & Partial<Record<Sound, number>>;
      for (const sound of SOUNDS) {
        const level = kept[sound];
        this.loudness[sound] = typeof level === 'number' && level >= 0 && level <= 100 ? level : LOUDNESS_OTHERWISE;
      }
      this.quiet = kept.quiet === true;
    } catch {
      this.quiet = false; // what was kept is unreadable: as if nothing had been chosen
    }
  }

  set(sound: Sound, level: number): void {
    this.loudness[sound] = level;
    this.#keep();
  }

  hush(quiet: boolean): void {
    this.quiet = quiet;
    this.#keep();
  }

  #keep(): void {
    localStorage.setItem(`lanbi.sounds.${this.#who}`, JSON.stringify({ ...this.loudness, quiet: this.quiet }));
  }

  /** Plays one; `even` when all are hushed, for trying it out. */
  play(sound: Sound, even = false): void {
    const level = this.loudness[sound] / 100;
    if (!level || (this.quiet && !even)) return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    if (context.state === 'suspended') {
      void context.resume();
      this.blocked = !navigator.userActivation?.hasBeenActive;
      if (this.blocked) return;
    }
    this.blocked = false;
    for (const [hertz, after, lasts] of MELODIES[sound]) {
      const [tone, gain, from] = [context.createOscillator(), context.createGain(), context.currentTime + after];
      tone.type = sound === 'alarm' ? 'square' : 'triangle';
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(level * (sound === 'alarm' ? 0.25 : 0.6), from + RAMP_S);
      gain.gain.setValueAtTime(level * (sound === 'alarm' ? 0.25 : 0.6), from + lasts - RAMP_S);
      gain.gain.linearRampToValueAtTime(0, from + lasts);
      tone.connect(gain).connect(context.destination);
      tone.start(from);
      tone.stop(from + lasts);
    }
  }
}

export const sounds = new Sounds();
