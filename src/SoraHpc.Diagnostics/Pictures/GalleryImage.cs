namespace SoraHpc.Diagnostics.Pictures;

/// <summary>One image of an <see cref="ImageGallery"/>.</summary>
/// <param name="Brightness">Rows × columns, row-major, 0 white to 1 black.</param>
/// <param name="Caption">The words below it.</param>
/// <param name="IsMarked">Whether the caption is set off from the others.</param>
/// <param name="Signs">Rows × columns in [−1, 1], laid over the image in colour: red above 0, blue below; null: none.</param>
public sealed record GalleryImage(float[] Brightness, string Caption, bool IsMarked = false, float[]? Signs = null);
