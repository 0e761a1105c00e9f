//! The sound of a new message: two soft tones. Browsers allow sound only after the operator has touched the page.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// A fifth upward, in hertz: friendly, and heard above a shop's noise.
const TONES: [f32; 2] = [587.33, 880.0];

/// How long after the first tone the second begins, in seconds.
const STEP: f64 = 0.11;

/// How long a tone takes to fade, in seconds.
const FADE: f64 = 0.38;

/// How loud a tone is; 1 is as loud as the device goes.
const LOUDNESS: f32 = 0.09;

/// Rings when it may.
#[derive(Default)]
pub struct Chime {
    context: RefCell<Option<AudioContext>>,
}

impl Chime {
    /// The operator touched the page: from now on it may ring.
    pub fn allow(&self) {
        let mut context = self.context.borrow_mut();
        let context = match &*context {
            Some(context) => context.clone(),
            None => match AudioContext::new() {
                Ok(made) => context.insert(made).clone(),
                // A device without sound.
                Err(_) => return,
            },
        };
        if context.state() == AudioContextState::Suspended {
            // The promise tells when; nobody waits for it.
            let _ = context.resume();
        }
    }

    /// Rings.
    pub fn ring(&self) {
        if let Some(context) = &*self.context.borrow()
            && context.state() == AudioContextState::Running
        {
            for (tone, at) in TONES.into_iter().zip([0.0, STEP]) {
                // A sound that cannot be made is not missed: the title tells the same.
                let _ = play(context, tone, context.current_time() + at);
            }
        }
    }
}

fn play(context: &AudioContext, tone: f32, at: f64) -> Result<(), JsValue> {
    let (voice, loudness) = (context.create_oscillator()?, context.create_gain()?);
    voice.set_type(OscillatorType::Sine);
    voice.frequency().set_value(tone);
    let gain = loudness.gain();
    gain.set_value_at_time(0.0001, at)?;
    // A hundredth of a second to full loudness: at once would click.
    gain.exponential_ramp_to_value_at_time(LOUDNESS, at + 0.01)?;
    gain.exponential_ramp_to_value_at_time(0.0001, at + FADE)?;
    voice.connect_with_audio_node(&loudness)?;
    loudness.connect_with_audio_node(&context.destination())?;
    voice.start_with_when(at)?;
    voice.stop_with_when(at + FADE)
}
