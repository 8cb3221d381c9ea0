/** The page explained to its visitors in plain words, with what it does not prove. */

import "../styles/views.css";

const FORMULA =
  "loss = p times the mean loss on retained images, minus (1 − p) times the mean loss on forgotten images with " +
  "smoothed labels";

function Formula() {
  return (
    <>
      <p>
        <span class="wide-formula" tabIndex={0} role="group" aria-label="The formula">
          <math display="block" aria-label={FORMULA}>
            <mi>L</mi>
            <mo>=</mo>
            <mi>p</mi>
            <mo>·</mo>
            <munder>
              <mi>mean</mi>
              <mi>retained</mi>
            </munder>
            <mi>ℓ</mi>
            <mo>−</mo>
            <mo stretchy={false}>(</mo>
            <mn>1</mn>
            <mo>−</mo>
            <mi>p</mi>
            <mo stretchy={false}>)</mo>
            <mo>·</mo>
            <munder>
              <mi>mean</mi>
              <mi>forgotten</mi>
            </munder>
            <msub>
              <mi>ℓ</mi>
              <mi>α</mi>
            </msub>
          </math>
        </span>
      </p>
      <p>
        ℓ is the loss: how wrong the network is. ℓ with α is the loss against the smoothed label, which gives (1 − α) to
        the true class and shares α equally among all classes. The network goes down the first part, so that it keeps
        its skill, and up the second, so that it forgets. A rate α below zero keeps the push strong on images that it
        knows by heart, where a plain ascent would stall.
      </p>
    </>
  );
}

export function AboutSection() {
  return (
    <section class="panel about" data-testid="about" aria-labelledby="about-title">
      <h2 id="about-title">What is this?</h2>
      <h3>Unlearning</h3>
      <p>
        A network has learned from many images. Then a person asks for theirs to be removed: the network should behave
        as if it had never seen them. The sure way is to train a new network without them, which is slow for large
        networks. <i>Unlearning</i> changes the trained network a little instead.
      </p>
      <h3>The three networks</h3>
      <dl>
        <dt>Original</dt>
        <dd>was trained on all images.</dd>
        <dt>Unlearned</dt>
        <dd>is the original after it was made to forget the chosen images.</dd>
        <dt>Retrained</dt>
        <dd>
          is the twin: a new network, trained without those images. It never saw them, so the others are compared with
          it: the closer to it, the better.
        </dd>
      </dl>
      <h3>The attack</h3>
      <p>
        A membership attack guesses whether an image was used for training, only from how sure the network is about it.
        If the attacker finds the forgotten images as easily as before, they were not forgotten. If the network is
        unusually unsure about them, that gives them away as well.
      </p>
      <h3>The method</h3>
      <Formula />
      <p>
        Label smoothing usually takes a little from the true class and shares it among all classes. Here the rate may be
        negative. If you leave it to the method, it counts how many retained images look like a forgotten one, and
        pushes harder where there are many.
      </p>
      <h3>What it does not prove</h3>
      <p>
        This is <b>approximate</b> unlearning, with no formal guarantee. The page measures the distance to a single
        retrained network, on these images, with these attacks. Another attack may find more, and another seed gives
        other numbers.
      </p>
      <h3>The paper</h3>
      <p>
        Zonglin Di, Zhaowei Zhu, Jinghan Jia, Jiancheng Liu, Zafar Takhirov, Bo Jiang, Yuanshun Yao, Sijia Liu, Yang
        Liu:{" "}
        <a href="https://arxiv.org/abs/2406.07698">
          <cite>Label Smoothing Improves Machine Unlearning</cite>
        </a>
        , ICLR 2026.
      </p>
      <p class="muted">Everything is computed in this browser tab. Your images never leave it.</p>
    </section>
  );
}
