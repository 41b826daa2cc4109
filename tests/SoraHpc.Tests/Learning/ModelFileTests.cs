using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Learning;

using Dense = SoraHpc.Learning.Blocks.Dense;      // not the namespace beside this one

public sealed class ModelFileTests : FolderTests
{
    private string ModelPath => In("model.h5");

    [Test]
    public void A_network_is_read_back_as_it_was()
    {
        Model model = new(new Shape(8, 8, 2), new Convolution2D(4, 3, Padding: 1), new BatchNormalise(0.8), new Activation(ActivationFunction.Gelu), new MaxPooling(2), new AveragePooling(2), new Flatten(),
            new Series(new Dense(6), new LayerNormalise(), new Dropout(0.25)), new Dense(3), new Softmax());
        using Network<double> written = new(model, Gradients.Managed, 2, seed: 9);
        ModelFile.Write(ModelPath, written);

        using Network<double> read = ModelFile.Read(ModelPath, Gradients.Managed, 2);

        Assert.That(read.Model.ToString(), Is.EqualTo(model.ToString()));
        Assert.That(read.Values.ToArray(), Is.EqualTo(written.Values.ToArray()).AsCollection);
        double[] input = Gradients.Normal(128);
        Assert.That(read.Forward(new Pass([0], false), input).ToArray(), Is.EqualTo(written.Forward(new Pass([0], false), input).ToArray()).AsCollection);
    }

    [Test]
    public void Sequence_models_are_read_back_as_they_were()
    {
        Model model = new(new Shape(4), new Embedding(20, 3), new Gru(5, Sequence: true), new MeanOverTime(), new Dense(2));
        using Network<double> written = new(model, Gradients.Managed, 2, seed: 9);
        ModelFile.Write(ModelPath, written);

        using Network<double> read = ModelFile.Read(ModelPath, Gradients.Managed, 2);

        Assert.That(read.Model.ToString(), Is.EqualTo(model.ToString()));
        Assert.That(read.Values.ToArray(), Is.EqualTo(written.Values.ToArray()).AsCollection);
    }

    [Test]
    public void Another_version_is_refused_in_one_line()
    {
        using (Hdf5File file = Hdf5File.Create(ModelPath))
        {
            file.Attributes.Write("sora_model", 2);
            file.Commit();
        }

        Assert.That(() => ModelFile.Read(ModelPath, Gradients.Managed),
            Throws.TypeOf<SoraException>().With.Message.EqualTo($"{ModelPath}: a model of version 2, and this program reads version 1: train it again, or take the program that wrote it"));
    }

    [Test]
    public void A_file_that_is_no_whole_model_is_refused_in_one_line()
    {
        using (Hdf5File file = Hdf5File.Create(ModelPath))
            file.Commit();
        Assert.That(() => ModelFile.Read(ModelPath, Gradients.Managed), Throws.TypeOf<SoraException>().With.Message.Contains("this is no model (it has no attribute sora_model)"));

        using (Hdf5File file = Hdf5File.Create(ModelPath))
        {
            file.Attributes.Write("sora_model", 1);
            file.Attributes.Write<int>("input", [2]);
            file.Attributes.WriteString("blocks", """{"block":"series","Blocks":[{"block":"dense","Units":3}]}""");
            file.Commit();
        }
        Assert.That(() => ModelFile.Read(ModelPath, Gradients.Managed), Throws.TypeOf<SoraException>().With.Message.Contains("dataset parameters/0.weights is missing"));
    }
}
