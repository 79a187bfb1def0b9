"""Trains a small network with Keras, whose TensorBoard logs BatchNorm Lab opens: python keras_callback.py [FOLDER]"""
import sys

import keras
import numpy


def main(folder):
    keras.utils.set_random_seed(1)
    x = numpy.random.default_rng(1).normal(size=(512, 8)).astype("float32")
    y = (x.sum(1) > 0).astype("int32")
    model = keras.Sequential([
        keras.layers.Dense(32), keras.layers.BatchNormalization(), keras.layers.ReLU(), keras.layers.Dense(2),
    ])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    logs = keras.callbacks.TensorBoard(folder, histogram_freq=1, update_freq=50)
    model.fit(x, y, epochs=3, batch_size=32, validation_split=0.2, callbacks=[logs], verbose=0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs/keras")
